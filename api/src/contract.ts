/**
 * The shapes that travel between the web application and the API. The routes declare them (zod-openapi), the web imports
 * their types only.
 *
 *     GET    /api/health
 *     GET    /api/me                                                  Me
 *     GET    /api/purposes                                            PurposeReason[]
 *     GET    /api/applications                                        ApplicationSummary[]
 *     GET    /api/applications/:application/use-cases                 UseCaseDescription[]
 *     GET    /api/applications/:application/model                     ModelDescription
 *     POST   /api/searches               StartSearch -> 202 | 200     Search
 *     POST   /api/searches/estimate      AskEstimate                  Estimate (nothing is run)
 *     GET    /api/searches?before=&limit=                             SearchList (one's own, newest first)
 *     GET    /api/searches/:id                                        Search
 *     DELETE /api/searches/:id                                        Search (state cancelled)
 *     GET    /api/searches/:id/panels/:panel?page=&size=&sort=&columns=a,b&dates=long|iso   an HTML fragment
 *     POST   /api/searches/:id/exports   StartExport -> 202           Export
 *     GET    /api/exports/:id                                         Export
 *     DELETE /api/exports/:id                                         Export (state cancelled)
 *     GET    /api/exports/:id/file, /api/exports/:id/companion        303 to a short-lived address
 *     POST   /api/searches/:id/prints    -> 204                       notes that a print view opens
 *     GET    /api/audit/entries?from&until&person&action&outcome&application&record&before&limit   AuditEntries (auditors)
 *     GET    /api/audit/entries.jsonl    the same, all of it: AuditLinesHead, then an AuditEntry a line
 *     POST   /api/audit/entries, /api/audit/entries.jsonl             the same, asked in a body: a record's key belongs into no address
 *     GET    /api/audit/names                                         AuditNames: by what a record is asked for
 *     GET    /api/audit/verification, POST                            AuditVerification
 *     GET    /api/access/rules                                        AccessVersion, the one in force (who reads, proposes or approves)
 *     GET    /api/access/proposals                                    AccessProposal[], newest first
 *     POST   /api/access/proposals       ProposeRules -> 201          AccessProposal
 *     GET    /api/access/proposals/:id                                AccessProposal
 *     GET    /api/access/explain?application&useCase                  AccessExplanation, of what oneself sees
 *     POST   /api/access/proposals/:id/approve                        AccessVersion, now in force
 *     POST   /api/access/proposals/:id/withdraw                       AccessProposal, by who made it
 *     POST   /api/access/proposals/:id/refuse       RefuseRules       AccessProposal, by who might approve it
 *     GET    /api/retention/schedules?application                     DomainSchedulesView[] (who manages holds, approves or audits)
 *     GET    /api/retention/proposals?application, /:id               SchedulesProposal[], SchedulesProposal
 *     POST   /api/retention/proposals    ProposeSchedules -> 201      SchedulesProposal
 *     POST   /api/retention/proposals/:id/approve|withdraw|refuse     (refuse: Reasoned)  SchedulesProposal
 *     GET    /api/retention/due?application                           DueCalendar, as it was worked out last
 *     POST   /api/retention/due?application -> 202                    DueCalendar, being worked out anew
 *     GET    /api/retention/runs?application                          RunSummary[], newest first
 *     POST   /api/retention/runs         StartRun -> 201              RunDetails, planned
 *     GET    /api/retention/runs/:run                                 RunDetails
 *     POST   /api/retention/runs/:run/approve      ApproveRun         RunDetails (the second person)
 *     POST   /api/retention/runs/:run/send-back    Reasoned           RunDetails
 *     POST   /api/retention/runs/:run/execute -> 202                  RunDetails; also goes on with one that stopped
 *     POST   /api/retention/runs/:run/pause, /cancel                  RunDetails
 *     GET    /api/retention/runs/:run/certificate                     CertificateView
 *     POST   /api/retention/record       AskRecord                    RecordStanding: why a record is still here
 *     GET    /api/holds?application, /api/holds/:id                   HoldView[], HoldView
 *     POST   /api/holds                  PlaceHold -> 201             PlacedHold
 *     POST   /api/holds/preview          AskScope                     ScopePreview
 *     POST   /api/holds/:id/widen        WidenHold                    PlacedHold
 *     POST   /api/holds/:id/review       ReviewHold                   HoldView
 *     POST   /api/holds/:id/propose-release|approve-release|refuse-release   Reasoned (approve: none)   HoldView
 *     GET    /api/openapi.json
 *
 * Errors are problem documents (RFC 9457, application/problem+json): Problem.
 */
export * from './contract/access.ts'
export * from './contract/applications.ts'
export * from './contract/audit.ts'
export * from './contract/exports.ts'
export * from './contract/me.ts'
export * from './contract/problem.ts'
export * from './contract/retention.ts'
export * from './contract/searches.ts'
export type * from './contract/sign-in.ts'

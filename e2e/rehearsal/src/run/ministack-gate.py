"""MiniStack, and a gate in front of its Athena: a request with the header x-rehearsal-gate is only judged.

The Athena that answers is another program, but who may call it, and what of S3 and Glue it may touch for its caller, is
for the policies in MiniStack to say. It sends on what it was sent, signature and all, with the resource that the call
is about and further actions with theirs, and learns whether all of it is granted. Nothing is done.
"""

import json
import os
import re
import sys

import ministack.app as app
import ministack.core.iam_actions as actions
import ministack.services.athena as athena
import ministack.services.cloudfront as cloudfront
import ministack.services.cognito as cognito
import ministack.services.s3 as s3
from ministack.core.iam_evaluator import EvalContext, enforce, evaluate_resource_policy
from ministack.core.responses import get_account_id, get_region

GATE, ALSO = "x-rehearsal-gate", "x-rehearsal-also"
handle, resource_of = athena.handle_request, actions.extract_resource_arn
object_context, pin_origin = actions._s3_object_context, app.pin_request_origin
to_origin, from_bucket = cloudfront._forward_to_origin, s3.serve_cloudfront_origin_fetch
HTTP_API = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com")


def arn(service, region, resource):
    place = ":::" if service == "s3" else f":{region}:{get_account_id()}:"
    return f"arn:aws:{service}{place}{resource}"


def extract_resource_arn(service, method, path, headers, body, routing_params, region, account_id):
    if service == "athena" and GATE in headers:
        named = headers[GATE]
        return named if named == "*" else arn(service, region, named)
    return resource_of(service, method, path, headers, body, routing_params, region, account_id)


async def handle_request(method, path, headers, body, query_params):
    if GATE not in headers:
        return await handle(method, path, headers, body, query_params)
    credential = headers.get("authorization", "").split("Credential=")[-1].split(",")[0].split("/")
    denied = []
    for action, resource in json.loads(headers.get(ALSO, "[]")):
        asked = arn(action.split(":")[0], credential[2], resource)
        if enforce(credential[0], action, "athena", credential[2], resource_arn=asked):
            denied.append([action, resource])
    return 200, {"Content-Type": "application/json"}, json.dumps({"denied": denied}).encode()


def pin_request_origin(source_ip, secure_transport):
    pin_origin(source_ip, True)


def s3_object_context(iam_action, query_params, path, headers):
    context = object_context(iam_action, query_params, path, headers)
    for name in ("if-none-match", "if-match"):
        if headers.get(name):
            context[f"s3:{name}"] = headers[name]
    # Parts and the start of an upload create nothing yet: what they need of conditions is asked at its completion.
    if iam_action == "s3:PutObject":
        starts, part = "uploads" in query_params, "partNumber" in query_params
        context["s3:ObjectCreationOperation"] = "false" if starts or part else "true"
    return context


def forward_to_origin(origin, method, uri, *rest, **more):
    """MiniStack's CloudFront dials no host of AWS; an HTTP API behind it is this MiniStack's."""
    api = HTTP_API.fullmatch(origin["domain_name"])
    if api is None:
        return to_origin(origin, method, uri, *rest, **more)
    here = {"domain_name": "127.0.0.1", "protocol_policy": "http-only", "http_port": int(os.environ["GATEWAY_PORT"])}
    return to_origin({**origin, **here}, method, f"/_aws/execute-api/{api[1]}/$default{uri}", *rest, **more)


def serve_cloudfront_origin_fetch(bucket_name, key, method, headers, source_arn="", oai_id=""):
    """S3 tells whoever may list a bucket that nothing is there, where MiniStack refuses everybody."""
    answer = from_bucket(bucket_name, key, method, headers, source_arn, oai_id)
    bucket = s3._ensure_bucket(bucket_name)
    if answer[0] != 403 or bucket is None or key in bucket["objects"] or not may_list(bucket_name, source_arn):
        return answer
    return s3._error("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket_name}/{key}")


def may_list(bucket_name, distribution):
    policy = s3._bucket_policies.get_scoped(get_account_id(), None, bucket_name)
    if not policy or not distribution:
        return False
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket_name}",
        region=get_region(),
        service_context={"aws:sourcearn": distribution},
    )
    return evaluate_resource_policy(policy, context, service="cloudfront.amazonaws.com").decision == "Allow"


class RefreshTokens(dict):
    """Of MiniStack's sign-in pages: what it knows from here it renews without groups and without asking the trigger."""

    def __setitem__(self, token, known):
        pass


cognito._refresh_tokens = RefreshTokens()
cloudfront._forward_to_origin = forward_to_origin
s3.serve_cloudfront_origin_fetch = serve_cloudfront_origin_fetch
athena.handle_request = handle_request
app.pin_request_origin = pin_request_origin
actions._s3_object_context = s3_object_context
actions.extract_resource_arn = extract_resource_arn

if __name__ == "__main__":
    sys.exit(app.main())

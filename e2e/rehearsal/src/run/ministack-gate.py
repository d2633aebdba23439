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
from ministack.core.iam_evaluator import enforce
from ministack.core.responses import get_account_id

GATE, ALSO = "x-rehearsal-gate", "x-rehearsal-also"
handle, resource_of = athena.handle_request, actions.extract_resource_arn
object_context, pin_origin = actions._s3_object_context, app.pin_request_origin
to_origin = cloudfront._forward_to_origin
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


cloudfront._forward_to_origin = forward_to_origin
athena.handle_request = handle_request
app.pin_request_origin = pin_request_origin
actions._s3_object_context = s3_object_context
actions.extract_resource_arn = extract_resource_arn

if __name__ == "__main__":
    sys.exit(app.main())

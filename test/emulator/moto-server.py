"""The emulator that the tests talk to: moto's own server, with seven gaps closed and four detours less.

moto's CloudFormation does not know how to delete a route table, an internet gateway, a VPC endpoint and a managed policy. Here it does;
like IAM it refuses a policy that somebody has.
moto's ListObjectsV2 shows the folders of deleted objects of a versioned bucket; S3's does not. Here deleted objects are left out.
moto denies everything to everybody once a bucket's policy forbids plain HTTP. Here every call counts as made by TLS, as on AWS.
moto shows a parameter of the type CommaDelimitedList as Python writes a list. Here as it was given, as CloudFormation does.
moto does not tell that a bucket notifies EventBridge. Here it does.
moto looks at a condition of a write and carries the write out in two steps, with other threads between. Here S3 does one thing at a time.
moto takes a stack's name a while after it looked whether it is free, and makes a resource again for who asks while it is being made:
both make twins, of which one outlives the stack. Here CloudFormation does one thing at a time, and so does EC2.
moto copies every version in a bucket, content and all, at each listing of versions. Here only those that are asked for.
moto lists the folders of its own code at each call, while all others wait, and writes each call to its log. Here once, and not.
moto counts all messages of a queue several times for each that is received, by a slow clock. Here it looks at that one, by a quick one.
"""

import json
import logging
import threading
import time
from types import SimpleNamespace
from xml.etree import ElementTree

import moto.sqs.models as sqs
from moto import backends
from moto.cloudformation.models import Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.ec2.models import ec2_backends
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import ManagedPolicy, iam_backends
from moto.s3.models import FakeBucket, FakeDeleteMarker, S3Backend
from moto.s3.responses import S3Response
from moto.server import main
from moto.utilities.utils import get_partition

modules = frozenset(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: modules

logging.getLogger("werkzeug").setLevel(logging.ERROR)

sqs.unix_time_millis = lambda: time.time() * 1000


def is_still_kept(self, queue_name, message):
    return self.get_queue(queue_name).message_retention_period > time.time() - message.sent_timestamp / 1000


sqs.SQSBackend.is_message_valid_based_on_retention_period = is_still_kept


def deleted_by(delete):
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        delete(resource_name, account_id, region_name)

    return classmethod(delete_from_cloudformation_json)


def delete_route_table(name, account, region):
    backend = ec2_backends[account][region]
    table = backend.get_route_table(name)
    for association in list(table._associations):
        backend.disassociate_route_table(association)
    backend.delete_route_table(name)


def delete_internet_gateway(name, account, region):
    backend = ec2_backends[account][region]
    gateway = backend.get_internet_gateway(name)
    if gateway.vpc:
        backend.detach_internet_gateway(name, gateway.vpc.id)
    backend.delete_internet_gateway(name)


def delete_vpc_endpoint(name, account, region):
    ec2_backends[account][region].vpc_end_points.pop(name, None)


def delete_managed_policy(name, account, region):
    backend = iam_backends[account][get_partition(region)]
    holders = [*backend.users.values(), *backend.roles.values(), *backend.groups.values()]
    if any(name in holder.managed_policies for holder in holders):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    backend.delete_policy(name)


RouteTable.delete_from_cloudformation_json = deleted_by(delete_route_table)
InternetGateway.delete_from_cloudformation_json = deleted_by(delete_internet_gateway)
VPCEndPoint.delete_from_cloudformation_json = deleted_by(delete_vpc_endpoint)
ManagedPolicy.delete_from_cloudformation_json = deleted_by(delete_managed_policy)

list_objects = S3Backend.list_objects


def list_living_objects(self, bucket, *args, **kwargs):
    keys = {name: key for name, key in bucket.keys.items() if not isinstance(key, FakeDeleteMarker)}
    return list_objects(self, SimpleNamespace(keys=keys), *args, **kwargs)


S3Backend.list_objects = list_living_objects

list_object_versions = S3Backend.list_object_versions


def list_versions_asked_for(self, bucket_name, *args, prefix="", **kwargs):
    kept = self.get_bucket(bucket_name).keys
    below = [(name, versions) for name, versions in kept.iterlists() if name.startswith(prefix or "")]
    looked_at = SimpleNamespace(keys=SimpleNamespace(iterlists=lambda: below))
    return list_object_versions(SimpleNamespace(get_bucket=lambda _: looked_at), bucket_name, *args, prefix=prefix, **kwargs)


S3Backend.list_object_versions = list_versions_asked_for


def get_permission(bucket, action, resource):
    policy = json.loads(bucket.policy) if bucket.policy else {}
    statements = [one for one in policy.get("Statement", []) if not is_for_plain_http(one)]
    if not statements:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({**policy, "Statement": statements})).is_action_permitted(action, resource)


def is_for_plain_http(statement):
    return statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") == "false"


FakeBucket.get_permission = get_permission


def shown_parameters(stack):
    return [
        {**one, "ParameterValue": ",".join(map(str, one["ParameterValue"]))}
        if isinstance(one["ParameterValue"], list)
        else one
        for one in parameter_list.fget(stack)
    ]


parameter_list = Stack.parameter_list
Stack.parameter_list = property(shown_parameters)

get_bucket_notification = S3Response.get_bucket_notification


def get_whole_notification(self):
    status, headers, body = get_bucket_notification(self)
    configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if configuration and configuration.event_bridge is not None:
        root = ElementTree.fromstring(body)
        # Without prefixes, as S3 writes it.
        ElementTree.register_namespace("", root.tag[1:].split("}")[0])
        ElementTree.SubElement(root, root.tag.replace("NotificationConfiguration", "EventBridgeConfiguration"))
        body = ElementTree.tostring(root)
    return status, headers, body


S3Response.get_bucket_notification = get_whole_notification


def in_turn(lock, do):
    def locked(*args, **kwargs):
        with lock:
            return do(*args, **kwargs)

    return locked


# Not plain locks: an event of S3 may lead to another call of S3, a stack to another stack.
one_of_s3, one_of_stacks = threading.RLock(), threading.RLock()
S3Response._bucket_response = in_turn(one_of_s3, S3Response._bucket_response)
S3Response._key_response = in_turn(one_of_s3, S3Response._key_response)
CloudFormationResponse.call_action = in_turn(one_of_stacks, CloudFormationResponse.call_action)
EC2Response.call_action = in_turn(one_of_stacks, EC2Response.call_action)

main()

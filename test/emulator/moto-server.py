"""The emulator that the tests talk to: moto's own server, with two gaps closed.

moto cannot delete a stack that has an AWS::EC2::RouteTable: the resource knows no deletion. Here it gets one.
moto's ListObjectsV2 shows the folders of deleted objects of a versioned bucket; S3's does not. Here deleted objects are left out.
"""

from types import SimpleNamespace

from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.s3.models import FakeDeleteMarker, S3Backend
from moto.server import main


def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
    backend = ec2_backends[account_id][region_name]
    table = backend.get_route_table(resource_name)
    for association in list(table._associations):
        backend.disassociate_route_table(association)
    backend.delete_route_table(resource_name)


RouteTable.delete_from_cloudformation_json = classmethod(delete_from_cloudformation_json)

list_objects = S3Backend.list_objects


def list_living_objects(self, bucket, *args, **kwargs):
    keys = {name: key for name, key in bucket.keys.items() if not isinstance(key, FakeDeleteMarker)}
    return list_objects(self, SimpleNamespace(keys=keys), *args, **kwargs)


S3Backend.list_objects = list_living_objects

main()

"""The emulator that the tests talk to: moto's own server, with one gap closed.

moto cannot delete a stack that has an AWS::EC2::RouteTable: the resource knows no deletion. Here it gets one.
"""

from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.server import main


def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
    backend = ec2_backends[account_id][region_name]
    table = backend.get_route_table(resource_name)
    for association in list(table._associations):
        backend.disassociate_route_table(association)
    backend.delete_route_table(resource_name)


RouteTable.delete_from_cloudformation_json = classmethod(delete_from_cloudformation_json)

main()

/** Events in the form in which EventBridge delivers them. */
export function objectCreated(bucket: string, key: string, version = 'v1'): string {
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '123456789012',
    time: '2026-11-22T00:00:00Z',
    region: 'eu-west-2',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        size: 2,
        etag: 'b1946ac92492d2347c6235b4d2611184',
        'version-id': version,
        sequencer: '00617F08299329D189',
      },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: '123456789012',
      'source-ip-address': '192.0.2.4',
      reason: 'PutObject',
    },
  });
}

export function stackChanged(id: string, status: string): string {
  return JSON.stringify({
    version: '0',
    id: '8f6cbb7e-27a4-4d2c-9b3a-0a9f5c0e1b2d',
    'detail-type': 'CloudFormation Stack Status Change',
    source: 'aws.cloudformation',
    account: '123456789012',
    time: '2026-11-22T00:00:00Z',
    region: 'eu-west-2',
    resources: [id],
    detail: { 'stack-id': id, 'status-details': { status, 'status-reason': '' }, 'client-request-token': '' },
  });
}

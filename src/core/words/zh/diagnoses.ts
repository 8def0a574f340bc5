import type { diagnoses as english } from '../en/diagnoses.ts';
import type { Chinese } from '../index.ts';

/** 已知的故障：是什么、为什么、怎么办。 */
export const diagnoses = {
  'doctor.stack.crash': '它因错误而退出；日志中有原因。',
  'doctor.stack.crash.fix': '`!logs {{component}} --previous` 显示它最后的输出。',
  'doctor.stack.memory': '它需要的内存超过了其限额，或超过了节点所有。',
  'doctor.stack.memory.fix':
    '请在 chart 的 values 中调高 `{{values}}.resources.limits.memory`；`!perf` 显示用量。',
  'doctor.stack.image': '镜像仓库不提供它：无法访问外网、名称有误或超出了速率限制。',
  'doctor.stack.image.fix':
    '在服务器上运行 `sudo k3s crictl pull {{image}}` 查看原因。需要的仓库：ghcr.io、oci.element.io、docker.io。',
  'doctor.stack.config': '它引用了不存在的 Secret、ConfigMap 或命令。',
  'doctor.stack.config.fix':
    '`!events {{component}}` 会指明；用同样的 values 运行 `helm upgrade` 可重建 chart 的内容。',
  'doctor.stack.room': '没有节点容得下它，或它的卷不在原处。',
  'doctor.stack.room.fix':
    '`!events` 有调度器的说明，`!perf` 显示节点的余量。切勿为了让它启动而删除卷。',
  'doctor.stack.waits': '它在等待别的组件：`db-wait` 等 PostgreSQL，`render-config` 等 Secret。',
  'doctor.stack.waits.fix':
    '请先查看 PostgreSQL (`!logs postgres`)，再看 `!logs {{component}} --container=db-wait`。',
  'doctor.stack.unready': '它在运行，但没有回应探测，或它的节点没有回应。',
  'doctor.stack.unready.fix':
    '`!logs {{component}}` 和 `!events {{component}}`。Synapse 未就绪时 HAProxy 也未就绪；请先看前者。',
  'doctor.stack.wanted': '有人手动或在 chart 的 values 中改了它的副本数。',
  'doctor.stack.wanted.fix':
    '请在 chart 的 values 中把 `{{values}}.replicas` 改回 1，并运行 `helm upgrade`。',
  'doctor.stack.node': '节点的 kubelet 报告了它，或失去了联系。',
  'doctor.stack.node.fix':
    '在服务器上：`systemctl status k3s`、`journalctl -u k3s -n 100`、`df -h`、`free -m`。',
  'doctor.stack.certificate': 'cert-manager 未能向颁发者证明主机属于您，或尚未再次尝试。',
  'doctor.stack.certificate.fix':
    '`!events` 和 cert-manager 的日志说明原因。不要反复删除：颁发者会计数（同样的名称每周 5 次）。',
  'doctor.stack.release': '该命名空间中没有带此部署标签的内容。',
  'doctor.stack.release.fix':
    '`helm list -A` 显示两个名称；请更正配置文件中的 `kubernetes.release` 和 `kubernetes.namespace`。',
  'doctor.signing-key': '人人都有这台主服务器的签名密钥 (CVE-2026-24044)',
  'doctor.signing-key.cause':
    '25.12.1 之前的 chart 处处生成同一个签名密钥。任何人都能用它冒充这台主服务器；较新的 Synapse 会拒绝它的所有签名。',
  'doctor.signing-key.unread': '{{path}} 没有给出密钥（状态 {{status}}）',
  'doctor.signing-key.seen': '用于签名的密钥 {{id}} 就是已知的弱密钥',
  'doctor.signing-key.upgrade':
    '请先备份，再用 `helm upgrade` 升级到 {{version}} 或更新：chart 会生成新密钥并吊销旧的，除非 `synapse.signingKey` 指定了它；那样的话请照下文操作。',
  'doctor.signing-key.replace':
    '请生成新密钥 `ed25519:1`，放入 Secret 并在 values 中引用，再用一个随机生成后即丢弃的公钥和当前毫秒时间吊销旧 ID（见 ess-helm 的 docs/maintenance.md）。',
  'doctor.signing-key.old-seen': '它仍把弱密钥作为旧密钥 {{id}} 公布',
  'doctor.signing-key.old-fix':
    '请在旧密钥中把 {{id}} 换成一个随机生成后即丢弃的公钥，并写上当前毫秒时间：这样用弱密钥伪造的内容就不再被相信。',
  'doctor.calls-announced': 'Element 找不到通话服务 (MISSING_MATRIX_RTC_FOCUS)',
  'doctor.calls-announced.cause':
    '客户端在该文档中查找通话服务的位置，始终使用服务器名称的 443 端口。没有它就无法开始通话。',
  'doctor.calls-announced.no-document': '{{url}} 不是这样的文档（状态 {{status}}）',
  'doctor.calls-announced.no-focus': '{{url}} 没有指明 (org.matrix.msc4143.rtc_foci)',
  'doctor.calls-announced.elsewhere': '它指明的是 {{foci}}，而本部署的通话服务在 {{hosts}}',
  'doctor.calls-announced.serve':
    '请在 chart 的 values 中启用 `wellKnownDelegation.enabled`，或在 {{url}} 所指之处提供该文档；可在配置文件的 `kubernetes.endpoints.well-known` 中把该处告诉 urtc。',
  'doctor.calls-announced.fix':
    '请检查 chart 的 values 中的 `matrixRTC.enabled` 和 `matrixRTC.ingress.host`；如果 {{url}} 由别处提供，请把 `org.matrix.msc4143.rtc_foci` 复制过去。',
  'doctor.calls-lookup': '无法加入通话：从内部找不到主服务器',
  'doctor.calls-lookup.cause':
    '授权服务按公开名称询问主服务器。从集群内部出发，这条路要经路由器绕回来，而许多路由器不支持。',
  'doctor.calls-lookup.fix':
    '请让它直接访问 Traefik：把以下内容加到 chart 的 values 中并运行 `helm upgrade`。Traefik 在内部也必须使用公开的端口。',
  'doctor.calls-stun': 'SFU 无法启动：它得不到自己的公网地址',
  'doctor.calls-stun.silent': '{{pod}} 没有任何输出就退出了',
  'doctor.calls-stun.cause': '它向 Google 的 STUN 服务器询问自己的地址，得不到回应就退出。',
  'doctor.calls-stun.fix':
    '请允许 UDP 访问 STUN 服务器，或指定一个有回应的（`matrixRTC.sfu.additional` 下的 `rtc.stun_servers`），或像下面这样自行给出地址；那样每次地址变化都要跟着改。',
  'doctor.calls-media': '通话停在“等待媒体”',
  'doctor.calls-media.cause':
    '客户端把音视频直接发往 SFU 告知的地址和端口；从外部看，那里没有任何监听。',
  'doctor.calls-media.no-address': 'STUN 已关闭，又没有设置地址：它告知的是 Pod 的地址',
  'doctor.calls-media.inside': '它告知的地址是 {{address}}，在外部没有用',
  'doctor.calls-media.address-fix':
    '请让它用 STUN 找到公网地址，或把 `matrixRTC.sfu.manualIP` 设为公网地址。',
  'doctor.calls-media.closed': '它没有任何端口在节点上开放',
  'doctor.calls-media.expose-fix':
    '请在 values 中启用 `matrixRTC.sfu.exposedServices.rtcTcp` 和 `rtcMuxedUdp`，并在路由器中转发这些端口 (`!info`)。',
  'doctor.calls-media.ports':
    '{{service}} 在节点上的端口是 {{nodePort}}，而 SFU 告知客户端的是 {{port}}',
  'doctor.calls-media.ports-fix':
    '请在 `matrixRTC.sfu.exposedServices` 中让两者相同，并在路由器中转发同一个端口 (`!info`)。',
  'doctor.host-certificates': '{{host}} 没有证书',
  'doctor.host-certificates.calls': '通话：{{host}} 没有证书',
  'doctor.host-certificates.no-tls': '{{ingress}} 没有为 {{host}} 配置 TLS；其他主机都有',
  'doctor.host-certificates.not-ordered':
    '没有 Certificate 包含 {{host}}（Ingress {{ingress}}）；其他主机都有',
  'doctor.host-certificates.cause':
    '配置其他主机时漏了它，或它的 Ingress 引用了没有人填写的 Secret。',
  'doctor.host-certificates.fix':
    '请检查 values 中该部分的 `certManager`、`ingress.tlsSecret` 和 `tlsEnabled`；如果使用自己的证书，请把 {{host}} 加入其名称。',
  'doctor.api-certificate': 'K3s 自身的证书即将到期',
  'doctor.api-certificate.over': '{{host}} 出示的证书已于 {{at}} 到期',
  'doctor.api-certificate.ending': '{{host}} 出示的证书将在 {{left}} 后到期',
  'doctor.api-certificate.cause': 'K3s 的证书有效期为一年，只在启动时更新；它已很久没有重启。',
  'doctor.api-certificate.hidden': '从这里看不到 API 服务器的证书',
  'doctor.connections': '数据库即将拒绝连接',
  'doctor.connections.seen': '{{most}} 个连接中已占用 {{used}} 个',
  'doctor.connections.cause': 'chart 按内存限额每 16 MiB 允许一个连接。',
  'doctor.connections.fix': '请在 chart 的 values 中调高 PostgreSQL 的内存限额，例如加倍。',
  'doctor.connections.unknown': '尚未从数据库的 exporter 读到数据',
  'doctor.disk': '卷所在的磁盘快满了',
  'doctor.disk.cause': 'local-path 让所有卷共用一个磁盘，并且不限制任何一个。',
  'doctor.log.too-many-clients': '数据库拒绝连接',
  'doctor.log.too-many-clients.cause':
    '需要的连接超过了 chart 允许的数目：按内存限额每 16 MiB 一个。',
  'doctor.log.too-many-clients.fix':
    '请在 chart 的 values 中调高 PostgreSQL 的内存限额；减少 worker 也会减少连接。',
  'doctor.log.no-space': '磁盘曾经写满',
  'doctor.log.no-space.cause': '过去 24 小时内有内容无法写入。',
  'doctor.log.no-space.fix':
    '请腾出空间（`!status` 显示余量），然后重启出错的组件：`!restart COMPONENT`。',
} as const satisfies Chinese<typeof english>;

using System.Net;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Cli.Peers;

/// <summary>What a peer said of itself.</summary>
/// <param name="EndPoint">Where it was met.</param>
/// <param name="Handshake">Its handshake (BEP 3).</param>
/// <param name="Extensions">Its extension handshake (BEP 10), or null if none came.</param>
internal sealed record PeerProbeResult(IPEndPoint EndPoint, Handshake Handshake, ExtensionHandshake? Extensions)
{
    /// <summary>The client its peer id stands for (BEP 20).</summary>
    public PeerIdClient Client => PeerIdClient.Identify(Handshake.PeerId);
}

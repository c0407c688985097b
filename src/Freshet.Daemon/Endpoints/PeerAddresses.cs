using System.Net;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>Parses addresses of peers in a request.</summary>
internal static class PeerAddresses
{
    /// <exception cref="ApiException">There are too many, or one is not an address with a port.</exception>
    public static IEnumerable<IPEndPoint> Read(IReadOnlyList<string> texts, string member)
    {
        if (texts.Count > Bounds.MaxPeersInRequest)
            throw ApiException.InvalidValue(member, $"are {texts.Count}: {Bounds.MaxPeersInRequest} at the most");
        List<IPEndPoint> peers = [];
        foreach (string text in texts)
        {
            if (!IPEndPoint.TryParse(text ?? "", out IPEndPoint? peer) || peer.Port == 0)
                throw ApiException.InvalidValue(member, $"has \"{text}\": an address and a port are expected, such as 192.0.2.1:6881");
            peers.Add(peer);
        }

        return peers;
    }
}

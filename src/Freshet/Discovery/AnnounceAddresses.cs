using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>The ports and families that we announce to trackers (BEP 7).</summary>
internal static class AnnounceAddresses
{
    /// <summary>The families to announce over: both if we listen on both, otherwise the one we listen on.</summary>
    public static ImmutableArray<AnnounceFamily> FamiliesOf(IReadOnlyList<IPEndPoint> listening)
    {
        bool isOnBoth = Find(listening, AddressFamily.InterNetwork) is not null
            && Find(listening, AddressFamily.InterNetworkV6) is not null;
        return isOnBoth ? [AnnounceFamily.IPv4, AnnounceFamily.IPv6] : [AnnounceFamily.Any];
    }

    /// <summary>
    /// The port to announce over a family; 0 if we do not listen. The ports differ only if one family's port was taken in the other.
    /// </summary>
    public static int PortOf(IReadOnlyList<IPEndPoint> listening, AnnounceFamily family)
    {
        IPEndPoint? endPoint = family switch
        {
            AnnounceFamily.IPv4 => Find(listening, AddressFamily.InterNetwork),
            AnnounceFamily.IPv6 => Find(listening, AddressFamily.InterNetworkV6),
            _ => null,
        };
        return (endPoint ?? (listening.Count > 0 ? listening[0] : null))?.Port ?? 0;
    }

    private static IPEndPoint? Find(IReadOnlyList<IPEndPoint> listening, AddressFamily family)
    {
        foreach (IPEndPoint endPoint in listening)
        {
            if (endPoint.AddressFamily == family)
                return endPoint;
        }

        return null;
    }
}

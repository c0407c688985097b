namespace Freshet.Core.Dht.Krpc;

/// <summary>The names of the methods on the wire.</summary>
internal static class DhtMethods
{
    public static ReadOnlySpan<byte> NameOf(DhtMethod method) => method switch
    {
        DhtMethod.Ping => "ping"u8,
        DhtMethod.FindNode => "find_node"u8,
        DhtMethod.GetPeers => "get_peers"u8,
        DhtMethod.AnnouncePeer => "announce_peer"u8,
        DhtMethod.SampleInfohashes => "sample_infohashes"u8,
        DhtMethod.Get => "get"u8,
        DhtMethod.Put => "put"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "The method has no name."),
    };

    public static DhtMethod Parse(ReadOnlySpan<byte> name)
    {
        for (DhtMethod method = DhtMethod.Ping; method <= DhtMethod.Put; method++)
        {
            if (NameOf(method).SequenceEqual(name))
                return method;
        }

        return DhtMethod.Unknown;
    }
}

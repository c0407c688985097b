namespace Freshet.Core.Dht.Krpc;

/// <summary>What a query asks for.</summary>
internal enum DhtMethod
{
    /// <summary>Something that we do not know.</summary>
    Unknown,

    Ping,
    FindNode,
    GetPeers,
    AnnouncePeer,

    /// <summary>Some of the info-hashes that a node stores peers of (BEP 51).</summary>
    SampleInfohashes,

    /// <summary>An item (BEP 44).</summary>
    Get,

    /// <summary>That an item be stored (BEP 44).</summary>
    Put,
}

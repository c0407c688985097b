namespace Freshet.Core.Dht.Krpc;

/// <summary>The method of a query.</summary>
internal enum DhtMethod
{
    /// <summary>A method that we do not know.</summary>
    Unknown,

    Ping,
    FindNode,
    GetPeers,
    AnnouncePeer,

    /// <summary>Requests a sample of the info-hashes for which a node stores peers (BEP 51).</summary>
    SampleInfohashes,

    /// <summary>Requests an item (BEP 44).</summary>
    Get,

    /// <summary>Asks a node to store an item (BEP 44).</summary>
    Put,
}

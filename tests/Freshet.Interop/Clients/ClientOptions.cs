namespace Freshet.Interop.Clients;

/// <summary>Options that every client has.</summary>
public sealed record ClientOptions
{
    /// <summary>
    /// Upload limit in bytes per second; null for none. It makes a transfer last long enough for something to happen in the middle of it.
    /// </summary>
    public long? UploadLimit { get; init; }

    /// <summary>Download limit in bytes per second (libtorrent, Transmission and aria2); null for none.</summary>
    public long? DownloadLimit { get; init; }

    /// <summary>The magnet link, or the URL of the .torrent file, that the client is given instead of the file.</summary>
    public string? Magnet { get; init; }

    /// <summary>Whether it uses UDP trackers. aria2 does so only with the DHT on, which finds nobody if no node is named.</summary>
    public bool AsksOverUdp { get; init; }

    /// <summary>DHT nodes to start from; null turns the DHT off, except in freshet, which then knows no node to start from.</summary>
    public IReadOnlyList<System.Net.IPEndPoint>? DhtNodes { get; init; }

    /// <summary>Whether it exchanges peers with its peers (BEP 11). Freshet always does.</summary>
    public bool ExchangesPeers { get; init; }

    /// <summary>The network that it runs in, to which <see cref="Address"/> belongs; null for the network of the machine.</summary>
    public Running.NetworkNamespace? Network { get; init; }

    /// <summary>Whether it looks for peers on the local network (freshet and libtorrent).</summary>
    public bool FindsNeighbours { get; init; }

    /// <summary>Whether it asks its router to map a port (freshet).</summary>
    public bool MapsPorts { get; init; }

    /// <summary>Whether it uses uTP only (or, where TCP cannot be turned off, uTP as well) instead of TCP only.</summary>
    public bool Utp { get; init; }

    /// <summary>Whether a client that uses uTP also uses TCP (freshet and libtorrent).</summary>
    public bool TcpToo { get; init; }

    /// <summary>The address to listen on and to dial from; null for an unused one in 127.0.0.0/8.</summary>
    public System.Net.IPAddress? Address { get; init; }

    /// <summary>How it uses encryption.</summary>
    public ClientEncryption Encryption { get; init; }
}

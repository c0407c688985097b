namespace Freshet.Interop.Clients;

/// <summary>What can be asked of every client.</summary>
public sealed record ClientOptions
{
    /// <summary>Bytes a second; null for no limit. Makes a transfer last long enough for something to happen in the middle of it.</summary>
    public long? UploadLimit { get; init; }

    /// <summary>Bytes a second that it takes (libtorrent, Transmission and aria2); null for no limit.</summary>
    public long? DownloadLimit { get; init; }

    /// <summary>The magnet link by which the client gets the torrent, instead of its .torrent.</summary>
    public string? Magnet { get; init; }

    /// <summary>Whether it asks trackers over UDP. aria2 does so with DHT only, which finds nobody where no node is named.</summary>
    public bool AsksOverUdp { get; init; }

    /// <summary>Nodes of the DHT to begin from; null for no DHT, except in freshet, which then knows no node to begin from.</summary>
    public IReadOnlyList<System.Net.IPEndPoint>? DhtNodes { get; init; }

    /// <summary>Whether it exchanges peers with its peers (BEP 11). Freshet always does.</summary>
    public bool ExchangesPeers { get; init; }

    /// <summary>The network that it runs in, which <see cref="Address"/> is an address of; null for the machine's.</summary>
    public Running.NetworkNamespace? Network { get; init; }

    /// <summary>Whether it looks for peers on the local network (freshet and libtorrent).</summary>
    public bool FindsNeighbours { get; init; }

    /// <summary>Whether it asks its router to lead a port to it (freshet).</summary>
    public bool MapsPorts { get; init; }

    /// <summary>Whether it speaks uTP alone, or, where TCP cannot be turned off, uTP as well; else TCP alone.</summary>
    public bool Utp { get; init; }

    /// <summary>Whether what speaks uTP speaks TCP beside it (freshet and libtorrent).</summary>
    public bool TcpToo { get; init; }

    /// <summary>The address to listen on and to dial from; null for one of 127.0.0.0/8 that nobody else has.</summary>
    public System.Net.IPAddress? Address { get; init; }

    /// <summary>Whether it encrypts.</summary>
    public ClientEncryption Encryption { get; init; }
}

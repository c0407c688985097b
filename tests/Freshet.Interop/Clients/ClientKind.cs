namespace Freshet.Interop.Clients;

/// <summary>The programs that are driven.</summary>
public enum ClientKind
{
    Freshet,
    Libtorrent,
    Transmission,
    Aria2,
    RTorrent,
    QBittorrent,
    Opentracker,
    Mktorrent,
}

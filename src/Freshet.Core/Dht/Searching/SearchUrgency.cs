namespace Freshet.Core.Dht.Searching;

/// <summary>The order in which queued searches begin, most urgent first.</summary>
internal enum SearchUrgency
{
    /// <summary>A search of our own that keeps the routing tables: without it all others fail in time. Never more than a few.</summary>
    Upkeep,

    /// <summary>Somebody waits for the result, or a torrent lacks peers.</summary>
    Lacking,

    /// <summary>A torrent that has what it needs is announced again.</summary>
    Routine,
}

namespace Freshet.Network;

/// <summary>What waits for a name.</summary>
internal enum NameUrgency
{
    /// <summary>A request that cannot be made without it.</summary>
    Needed,

    /// <summary>
    /// Nothing: it is one of the many that a torrent or a magnet link names, of which any number may be in a zone that never answers.
    /// </summary>
    Minor,
}

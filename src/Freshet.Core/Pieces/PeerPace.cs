namespace Freshet.Core.Pieces;

/// <summary>
/// How fast a peer sends compared with the others. Slow peers are kept off the pieces of fast ones, which they would hold up.
/// </summary>
internal enum PeerPace
{
    /// <summary>Sends only a fraction of what a typical peer does, or is snubbed.</summary>
    Slow,

    /// <summary>Typical; also a peer that has not sent anything yet.</summary>
    Medium,

    /// <summary>Sends a whole piece within seconds, and is therefore assigned whole pieces.</summary>
    Fast,
}

namespace Freshet.Core.Pieces;

/// <summary>How fast a peer sends, beside the others. The slow are kept off the pieces of the fast, which they would hold up.</summary>
internal enum PeerPace
{
    /// <summary>Sends little: a fraction of what the usual peer does, or is snubbed.</summary>
    Slow,

    /// <summary>The usual, and what a peer is that has sent nothing yet.</summary>
    Medium,

    /// <summary>Sends a whole piece within seconds, and so is given whole pieces.</summary>
    Fast,
}

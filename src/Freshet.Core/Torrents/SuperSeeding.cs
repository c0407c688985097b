namespace Freshet.Core.Torrents;

/// <summary>
/// Whether a seed gives each peer only pieces that no other peer has yet (BEP 16), until the connected peers have every piece between them.
/// </summary>
public enum SuperSeeding
{
    /// <summary>When this seems to be the only seed and more than one peer is downloading. The default.</summary>
    Automatic,

    /// <summary>Whenever the connected peers do not have every piece between them, even if there are other seeds.</summary>
    Always,

    /// <summary>Never: every peer learns of every piece.</summary>
    Never,
}

namespace Freshet.Core.Torrents;

/// <summary>
/// Whether a seed gives each peer only pieces that nobody else has yet (BEP 16), until the connected peers have everything between them.
/// </summary>
public enum SuperSeeding
{
    /// <summary>When it seems to be the only one that has everything, and more than one peer wants it. The default.</summary>
    Automatic,

    /// <summary>Whenever the connected peers do not have everything between them, whoever else may have it.</summary>
    Always,

    /// <summary>Never: everybody is told of everything.</summary>
    Never,
}

using System.Collections.Immutable;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// Makes the extensions of BEP 10 that a torrent speaks, from the parts of its machine that they work on: when the first peer says that it
/// speaks some, since most of thousands of torrents have no peers. Which they are is known before.
/// </summary>
internal sealed class ExtensionFactory
{
    private readonly ExtensionTable _whileUnknown;
    private readonly ExtensionTable _ofPublic;
    private readonly ExtensionTable _ofPrivate;

    /// <param name="make">Makes them.</param>
    /// <param name="rows">Theirs.</param>
    /// <exception cref="ArgumentException">The rows cannot be those of one table.</exception>
    public ExtensionFactory(Func<TorrentContext, TorrentParts, ImmutableArray<IExtension>> make, params ImmutableArray<ExtensionRow> rows)
    {
        Make = make;
        _whileUnknown = ExtensionTable.Of(rows, isPrivate: null);
        _ofPublic = ExtensionTable.Of(rows, isPrivate: false);
        _ofPrivate = ExtensionTable.Of(rows, isPrivate: true);
    }

    /// <summary>No extensions.</summary>
    public static ExtensionFactory None { get; } = new(static (_, _) => []);

    /// <summary>Makes them for a torrent.</summary>
    public Func<TorrentContext, TorrentParts, ImmutableArray<IExtension>> Make { get; }

    /// <summary>Those that a torrent may speak.</summary>
    /// <param name="isPrivate">Whether it is private (BEP 27); null while that is unknown.</param>
    public ExtensionTable TableFor(bool? isPrivate) => isPrivate switch
    {
        null => _whileUnknown,
        false => _ofPublic,
        true => _ofPrivate,
    };
}

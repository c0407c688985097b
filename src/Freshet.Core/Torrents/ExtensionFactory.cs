using System.Collections.Immutable;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// Creates the BEP 10 extensions of a torrent from the parts of its machine that they work on. They are created when the first peer with
/// extensions connects, since most of thousands of torrents have no peers; their rows are known from the start.
/// </summary>
internal sealed class ExtensionFactory
{
    private readonly ExtensionTable _whileUnknown;
    private readonly ExtensionTable _ofPublic;
    private readonly ExtensionTable _ofPrivate;

    /// <param name="make">Creates the extensions.</param>
    /// <param name="rows">The rows of these extensions.</param>
    /// <exception cref="ArgumentException">The rows cannot form one table.</exception>
    public ExtensionFactory(
        Func<TorrentContext, IExtensionParts, ImmutableArray<IExtension>> make, params ImmutableArray<ExtensionRow> rows)
    {
        Make = make;
        _whileUnknown = ExtensionTable.Of(rows, isPrivate: null);
        _ofPublic = ExtensionTable.Of(rows, isPrivate: false);
        _ofPrivate = ExtensionTable.Of(rows, isPrivate: true);
    }

    /// <summary>A factory without extensions.</summary>
    public static ExtensionFactory None { get; } = new(static (_, _) => []);

    /// <summary>Creates the extensions of a torrent.</summary>
    public Func<TorrentContext, IExtensionParts, ImmutableArray<IExtension>> Make { get; }

    /// <summary>The table of the extensions that a torrent may use.</summary>
    /// <param name="isPrivate">Whether the torrent is private (BEP 27); null while that is unknown.</param>
    public ExtensionTable TableFor(bool? isPrivate) => isPrivate switch
    {
        null => _whileUnknown,
        false => _ofPublic,
        true => _ofPrivate,
    };
}

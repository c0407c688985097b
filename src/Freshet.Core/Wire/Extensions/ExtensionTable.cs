using System.Collections.Immutable;

namespace Freshet.Core.Wire.Extensions;

/// <summary>
/// The extensions that we offer, with distinct names and numbers. Messages of other extensions, and messages longer than the row allows,
/// are skipped without copying anything.
/// </summary>
internal sealed class ExtensionTable
{
    private readonly ImmutableArray<ExtensionRow> _rows;

    private ExtensionTable(ImmutableArray<ExtensionRow> rows) => _rows = rows;

    /// <summary>A table without extensions: only the extension handshake is accepted.</summary>
    public static ExtensionTable Empty { get; } = new([]);

    /// <summary>The extensions to offer in an extension handshake.</summary>
    public ImmutableArray<PeerExtension> Offered => [.. _rows.Select(static row => new PeerExtension(row.Name, row.Number))];

    /// <summary>Creates the table of the extensions that a torrent may use.</summary>
    /// <param name="rows">All extensions that we support.</param>
    /// <param name="isPrivate">Whether the torrent is private (BEP 27); null while that is unknown.</param>
    /// <exception cref="ArgumentException">Two rows have the same name or number, or a row has an invalid number or length.</exception>
    public static ExtensionTable Of(IEnumerable<ExtensionRow> rows, bool? isPrivate)
    {
        ImmutableArray<ExtensionRow> all = [.. rows];
        foreach (ExtensionRow row in all)
        {
            if (row.Number == ExtensionHandshake.MessageNumber || row.MaxLength is < 0 or > WireLimits.MaxExtensionMessageLength)
                throw new ArgumentException($"{row.Name} has an invalid number ({row.Number}) or length ({row.MaxLength}).", nameof(rows));
            if (all.Count(other => other.Name == row.Name || other.Number == row.Number) > 1)
                throw new ArgumentException($"{row.Name} or its number {row.Number} is in the table twice.", nameof(rows));
        }

        return new ExtensionTable([.. all.Where(row => IsSpoken(row.Scope, isPrivate))]);
    }

    /// <summary>Whether a message is accepted.</summary>
    /// <param name="number">The message number; 0 for the extension handshake.</param>
    /// <param name="length">The length of the payload after the number, in bytes.</param>
    public bool Takes(int number, int length)
    {
        if (number == ExtensionHandshake.MessageNumber)
            return length <= WireLimits.MaxExtensionHandshakeLength;
        return Find(number) is { } row && length <= row.MaxLength;
    }

    /// <summary>Whether a row is in the table.</summary>
    public bool Offers(ExtensionRow row) => _rows.Contains(row);

    /// <summary>The extension with the given number; null if there is none.</summary>
    public ExtensionRow? Find(int number)
    {
        foreach (ExtensionRow row in _rows)
        {
            if (row.Number == number)
                return row;
        }

        return null;
    }

    private static bool IsSpoken(ExtensionScope scope, bool? isPrivate) => scope switch
    {
        ExtensionScope.PublicOnly => isPrivate == false,
        ExtensionScope.UnlessPrivate => isPrivate != true,
        _ => true,
    };
}

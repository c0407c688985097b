using System.Collections.Immutable;

namespace Freshet.Core.Wire.Extensions;

/// <summary>
/// The extensions that we offer, no two with one name or number. A message of any other, or longer than its row allows, is passed over
/// where it lies: nothing of it is copied.
/// </summary>
internal sealed class ExtensionTable
{
    private readonly ImmutableArray<ExtensionRow> _rows;

    private ExtensionTable(ImmutableArray<ExtensionRow> rows) => _rows = rows;

    /// <summary>Nothing but the extension handshake.</summary>
    public static ExtensionTable Empty { get; } = new([]);

    /// <summary>What an extension handshake offers of it.</summary>
    public ImmutableArray<PeerExtension> Offered => [.. _rows.Select(static row => new PeerExtension(row.Name, row.Number))];

    /// <summary>Those of these extensions that a torrent may speak.</summary>
    /// <param name="rows">All that we speak.</param>
    /// <param name="isPrivate">Whether the torrent is private (BEP 27); null while that is unknown.</param>
    /// <exception cref="ArgumentException">Two have one name or number, or one has a number or a length that cannot be.</exception>
    public static ExtensionTable Of(IEnumerable<ExtensionRow> rows, bool? isPrivate)
    {
        ImmutableArray<ExtensionRow> all = [.. rows];
        foreach (ExtensionRow row in all)
        {
            if (row.Number == ExtensionHandshake.MessageNumber || row.MaxLength is < 0 or > WireLimits.MaxExtensionMessageLength)
                throw new ArgumentException($"{row.Name} has number {row.Number} and messages of {row.MaxLength} bytes.", nameof(rows));
            if (all.Count(other => other.Name == row.Name || other.Number == row.Number) > 1)
                throw new ArgumentException($"{row.Name} or its number {row.Number} is in the table twice.", nameof(rows));
        }

        return new ExtensionTable([.. all.Where(row => IsSpoken(row.Scope, isPrivate))]);
    }

    /// <summary>Whether a message is one that we take.</summary>
    /// <param name="number">Its number; 0 for the extension handshake.</param>
    /// <param name="length">Bytes behind the number.</param>
    public bool Takes(int number, int length)
    {
        if (number == ExtensionHandshake.MessageNumber)
            return length <= WireLimits.MaxExtensionHandshakeLength;
        return Find(number) is { } row && length <= row.MaxLength;
    }

    /// <summary>Whether a row is in the table.</summary>
    public bool Offers(ExtensionRow row) => _rows.Contains(row);

    /// <summary>The extension of a number; null if there is none.</summary>
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

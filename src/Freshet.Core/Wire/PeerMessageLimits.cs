using Freshet.Core.Pieces;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Wire;

/// <summary>The limits on message lengths, depending on what is known of the torrent.</summary>
internal readonly record struct PeerMessageLimits
{
    /// <summary>The length of a bitfield in bytes, or its maximum, depending on <see cref="IsBitfieldLengthExact"/>.</summary>
    public int BitfieldLength { get; private init; }

    public bool IsBitfieldLengthExact { get; private init; }

    /// <summary>The extensions whose messages are accepted; null to accept only the extension handshake.</summary>
    public ExtensionTable? Extensions { get; init; }

    /// <summary>Before a torrent's metadata is known, its bitfield may have any length up to that of the largest torrent.</summary>
    public static PeerMessageLimits BeforeMetadata => new() { BitfieldLength = (Limits.MaxPieces + 7) / 8 };

    /// <summary>The limits for a torrent with the given number of pieces.</summary>
    public static PeerMessageLimits For(int pieceCount) => new() { BitfieldLength = (pieceCount + 7) / 8, IsBitfieldLengthExact = true };

    /// <inheritdoc cref="For(int)"/>
    public static PeerMessageLimits For(PieceLayout layout) => For(layout.PieceCount);

    /// <summary>Whether an extension message is accepted rather than skipped.</summary>
    public bool Takes(int number, int length) => (Extensions ?? ExtensionTable.Empty).Takes(number, length);

    /// <summary>Bytes of the longest possible message, including its length prefix.</summary>
    public int MaxMessageLength =>
        PeerMessageReader.PrefixLength + 2 + Math.Max(BitfieldLength, WireLimits.MaxExtensionMessageLength);
}

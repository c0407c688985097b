using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Wire;

/// <summary>One message of every kind, with its bytes as the BEPs have them.</summary>
internal static class PeerMessages
{
    private static readonly BlockRange Range = new(new PieceIndex(0x01020304), 0x8000, 0x4000);

    public static (PeerMessage Message, string Hex)[] All { get; } =
    [
        (PeerMessage.KeepAlive, "00000000"),
        (PeerMessage.Choke, "00000001 00"),
        (PeerMessage.Unchoke, "00000001 01"),
        (PeerMessage.Interested, "00000001 02"),
        (PeerMessage.NotInterested, "00000001 03"),
        (PeerMessage.Have(new PieceIndex(0x0A0B0C)), "00000005 04 000A0B0C"),
        (PeerMessage.Bitfield(new byte[] { 0xFF, 0x80 }), "00000003 05 FF80"),
        (PeerMessage.Request(Range), "0000000D 06 01020304 00008000 00004000"),
        (PeerMessage.Cancel(Range), "0000000D 08 01020304 00008000 00004000"),
        (PeerMessage.Port(6881), "00000003 09 1AE1"),
        (PeerMessage.SuggestPiece(new PieceIndex(7)), "00000005 0D 00000007"),
        (PeerMessage.HaveAll, "00000001 0E"),
        (PeerMessage.HaveNone, "00000001 0F"),
        (PeerMessage.RejectRequest(Range), "0000000D 10 01020304 00008000 00004000"),
        (PeerMessage.AllowedFast(new PieceIndex(9)), "00000005 11 00000009"),
        (PeerMessage.Extended(3, "abc"u8.ToArray()), "00000005 14 03 616263"),
    ];

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Whether two messages have the same content.</summary>
    public static bool Same(in PeerMessage left, in PeerMessage right) =>
        left.Id == right.Id && left.Range == right.Range && left.Number == right.Number
        && left.Payload.Span.SequenceEqual(right.Payload.Span);
}

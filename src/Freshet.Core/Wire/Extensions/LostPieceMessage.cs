using System.Buffers.Binary;
using Freshet.Core.Pieces;

namespace Freshet.Core.Wire.Extensions;

/// <summary>The payload of lt_donthave (BEP 54): the piece index, four bytes.</summary>
internal static class LostPieceMessage
{
    public const int Length = sizeof(int);

    public static byte[] Write(PieceIndex piece)
    {
        byte[] payload = new byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(payload, piece.Value);
        return payload;
    }

    /// <summary>Reads the piece, which may not exist; false if the length is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out PieceIndex piece)
    {
        bool isWhole = payload.Length == Length;
        piece = new PieceIndex(isWhole ? BinaryPrimitives.ReadInt32BigEndian(payload) : 0);
        return isWhole;
    }
}

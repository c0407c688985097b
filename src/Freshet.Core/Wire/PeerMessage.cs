using Freshet.Core.Pieces;

namespace Freshet.Core.Wire;

/// <summary>
/// A peer message that does not depend on a receive or send buffer. <see cref="Id"/> determines which members are meaningful.
/// </summary>
internal readonly record struct PeerMessage
{
    public MessageId Id { get; private init; }

    /// <summary>Have, Request, Piece, Cancel, SuggestPiece, RejectRequest, AllowedFast.</summary>
    public PieceIndex Piece { get; private init; }

    /// <summary>Request, Piece, Cancel, RejectRequest: the offset of the range within the piece.</summary>
    public int Offset { get; private init; }

    /// <summary>Request, Piece, Cancel, RejectRequest: the length of the range in bytes.</summary>
    public int Length { get; private init; }

    /// <summary>Extended: the extension's number, as chosen by the receiver, or 0 for the extension handshake. Port: the port.</summary>
    public int Number { get; private init; }

    /// <summary>Bitfield: the bits. Extended: the payload after the extension's number.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>Piece, when received: the pooled block that holds the data.</summary>
    public BlockLease Lease { get; private init; }

    public BlockRange Range => new(Piece, Offset, Length);

    public static PeerMessage KeepAlive => new() { Id = MessageId.KeepAlive };

    public static PeerMessage Choke => new() { Id = MessageId.Choke };

    public static PeerMessage Unchoke => new() { Id = MessageId.Unchoke };

    public static PeerMessage Interested => new() { Id = MessageId.Interested };

    public static PeerMessage NotInterested => new() { Id = MessageId.NotInterested };

    public static PeerMessage HaveAll => new() { Id = MessageId.HaveAll };

    public static PeerMessage HaveNone => new() { Id = MessageId.HaveNone };

    public static PeerMessage Have(PieceIndex piece) => new() { Id = MessageId.Have, Piece = piece };

    public static PeerMessage SuggestPiece(PieceIndex piece) => new() { Id = MessageId.SuggestPiece, Piece = piece };

    public static PeerMessage AllowedFast(PieceIndex piece) => new() { Id = MessageId.AllowedFast, Piece = piece };

    public static PeerMessage Bitfield(ReadOnlyMemory<byte> bits) => new() { Id = MessageId.Bitfield, Payload = bits };

    public static PeerMessage Request(BlockRange range) => OfRange(MessageId.Request, range);

    public static PeerMessage Cancel(BlockRange range) => OfRange(MessageId.Cancel, range);

    public static PeerMessage RejectRequest(BlockRange range) => OfRange(MessageId.RejectRequest, range);

    /// <summary>A received block, with its data in the pool.</summary>
    public static PeerMessage Block(BlockRange range, BlockLease lease) => OfRange(MessageId.Piece, range) with { Lease = lease };

    public static PeerMessage Port(int port) => new() { Id = MessageId.Port, Number = port };

    public static PeerMessage Extended(int number, ReadOnlyMemory<byte> payload) =>
        new() { Id = MessageId.Extended, Number = number, Payload = payload };

    private static PeerMessage OfRange(MessageId id, BlockRange range) =>
        new() { Id = id, Piece = range.Piece, Offset = range.Offset, Length = range.Length, Lease = BlockLease.None };
}

using Freshet.Core.Pieces;

namespace Freshet.Core.Wire;

/// <summary>
/// A peer message in the receive buffer, valid as long as the buffer is. <see cref="Id"/> determines which members are meaningful, as in
/// <see cref="PeerMessage"/>.
/// </summary>
internal readonly ref struct PeerFrame
{
    public MessageId Id { get; init; }

    /// <summary>
    /// Have, Request, Piece, Cancel, SuggestPiece, RejectRequest, AllowedFast. Not negative; whether the piece exists is not checked.
    /// </summary>
    public PieceIndex Piece { get; init; }

    /// <summary>Request, Piece, Cancel, RejectRequest: the offset of the range within the piece. Not negative.</summary>
    public int Offset { get; init; }

    /// <summary>Request, Piece, Cancel, RejectRequest: the length of the range in bytes. Not negative.</summary>
    public int Length { get; init; }

    /// <summary>Extended: the extension's number. Port: the port. Unknown: the message id.</summary>
    public int Number { get; init; }

    /// <summary>
    /// Piece: the block. Bitfield: the bits. Extended: the payload after the extension's number. Unknown: the payload after the id.
    /// </summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    public BlockRange Range => new(Piece, Offset, Length);

    /// <summary>
    /// Creates a message that outlives the buffer; a payload is copied to the heap, which is rarely needed. Blocks go into the pool instead
    /// (<see cref="PeerMessage.Block"/>).
    /// </summary>
    public PeerMessage ToMessage() => Id switch
    {
        MessageId.Choke => PeerMessage.Choke,
        MessageId.Unchoke => PeerMessage.Unchoke,
        MessageId.Interested => PeerMessage.Interested,
        MessageId.NotInterested => PeerMessage.NotInterested,
        MessageId.HaveAll => PeerMessage.HaveAll,
        MessageId.HaveNone => PeerMessage.HaveNone,
        MessageId.KeepAlive => PeerMessage.KeepAlive,
        MessageId.Have => PeerMessage.Have(Piece),
        MessageId.SuggestPiece => PeerMessage.SuggestPiece(Piece),
        MessageId.AllowedFast => PeerMessage.AllowedFast(Piece),
        MessageId.Request => PeerMessage.Request(Range),
        MessageId.Cancel => PeerMessage.Cancel(Range),
        MessageId.RejectRequest => PeerMessage.RejectRequest(Range),
        MessageId.Port => PeerMessage.Port(Number),
        MessageId.Bitfield => PeerMessage.Bitfield(Payload.ToArray()),
        MessageId.Extended => PeerMessage.Extended(Number, Payload.ToArray()),
        _ => throw new InvalidOperationException($"A message {Id} is not kept."),
    };
}

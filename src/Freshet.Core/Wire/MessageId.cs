namespace Freshet.Core.Wire;

/// <summary>The kinds of peer messages (BEP 3, 5, 6, 10).</summary>
internal enum MessageId
{
    Choke = 0,
    Unchoke = 1,
    Interested = 2,
    NotInterested = 3,
    Have = 4,
    Bitfield = 5,
    Request = 6,
    Piece = 7,
    Cancel = 8,
    Port = 9,
    SuggestPiece = 0x0D,
    HaveAll = 0x0E,
    HaveNone = 0x0F,
    RejectRequest = 0x10,
    AllowedFast = 0x11,
    Extended = 20,

    /// <summary>The message of length zero, which has no id.</summary>
    KeepAlive = 0x100,

    /// <summary>An unknown id; the message is skipped, as BEP 3 allows for extensions.</summary>
    Unknown = 0x101,
}

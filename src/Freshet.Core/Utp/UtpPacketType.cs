namespace Freshet.Core.Utp;

/// <summary>What a packet is for (BEP 29).</summary>
internal enum UtpPacketType : byte
{
    /// <summary>ST_DATA: carries payload.</summary>
    Data,

    /// <summary>ST_FIN: the sender has no more to send.</summary>
    Fin,

    /// <summary>ST_STATE: an acknowledgement. It has no place in the sequence; its number is that of the next packet.</summary>
    State,

    /// <summary>ST_RESET: the sender does not know the connection any more.</summary>
    Reset,

    /// <summary>ST_SYN: opens a connection.</summary>
    Syn,
}

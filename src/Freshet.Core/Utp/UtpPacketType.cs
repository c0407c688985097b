namespace Freshet.Core.Utp;

/// <summary>The type of a packet (BEP 29).</summary>
internal enum UtpPacketType : byte
{
    /// <summary>ST_DATA: carries payload.</summary>
    Data,

    /// <summary>ST_FIN: the sender has nothing more to send.</summary>
    Fin,

    /// <summary>ST_STATE: an acknowledgement. It takes no sequence number of its own, and carries that of the next packet.</summary>
    State,

    /// <summary>ST_RESET: the sender does not know the connection, or has dropped it.</summary>
    Reset,

    /// <summary>ST_SYN: opens a connection.</summary>
    Syn,
}

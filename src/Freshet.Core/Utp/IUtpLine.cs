namespace Freshet.Core.Utp;

/// <summary>How a connection sends to its peer.</summary>
internal interface IUtpLine
{
    /// <summary>Sends a packet, or drops it as a network may; false if there is no room for it now.</summary>
    bool TrySend(ReadOnlySpan<byte> packet);

    /// <summary>Reserves memory for a larger window; false if too much is reserved already.</summary>
    bool TryReserve(int bytes);

    /// <summary>Releases reserved memory.</summary>
    void Release(int bytes);
}

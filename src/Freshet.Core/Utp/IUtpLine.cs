namespace Freshet.Core.Utp;

/// <summary>The way to one peer.</summary>
internal interface IUtpLine
{
    /// <summary>Sends a packet, or drops it as a network may; false if there is no room for it now.</summary>
    bool TrySend(ReadOnlySpan<byte> packet);

    /// <summary>Asks for memory for a larger window; false if too much is promised already.</summary>
    bool TryReserve(int bytes);

    /// <summary>Gives back what was reserved.</summary>
    void Release(int bytes);
}

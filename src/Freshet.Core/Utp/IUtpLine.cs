namespace Freshet.Core.Utp;

/// <summary>How a connection sends to its peer.</summary>
internal interface IUtpLine
{
    /// <summary>Sends a packet, or drops it as a network may; false if there is no room for it now.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="dontFragment">Whether it is to be lost if the path cannot carry it in one piece.</param>
    bool TrySend(ReadOnlySpan<byte> packet, bool dontFragment = false);

    /// <summary>
    /// Reserves memory for a larger window; returns how many bytes it got. No connection gets more than half of what is left.
    /// </summary>
    /// <param name="held">Bytes that the connection has reserved.</param>
    /// <param name="wanted">How many more it wants.</param>
    int Reserve(int held, int wanted);

    /// <summary>Releases reserved memory.</summary>
    void Release(int bytes);
}

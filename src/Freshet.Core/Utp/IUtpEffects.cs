namespace Freshet.Core.Utp;

/// <summary>What a <see cref="UtpMachine{TAddress}"/> asks of the owner of its socket.</summary>
internal interface IUtpEffects<TAddress>
    where TAddress : struct
{
    /// <summary>Sends a datagram; false if there is no room for it now.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="target">Where to.</param>
    /// <param name="own">The address of ours that it leaves by, by which the peer knows us; null for whichever the system chooses.</param>
    /// <param name="dontFragment">Whether it is to be lost if the path cannot carry it in one piece.</param>
    bool TrySend(ReadOnlySpan<byte> datagram, TAddress target, TAddress? own, bool dontFragment = false);

    /// <summary>A peer has connected; returns the user of the connection, or null to refuse it.</summary>
    IUtpStream? Accept(TAddress sender);

    /// <summary>Passes the connection to the user that <see cref="Accept"/> returned.</summary>
    void OnAccepted(IUtpStream stream, UtpConnection connection);
}

namespace Freshet.Core.Utp;

/// <summary>What a <see cref="UtpMachine{TAddress}"/> asks of the owner of its socket.</summary>
internal interface IUtpEffects<in TAddress>
{
    /// <summary>Sends a datagram; false if there is no room for it now.</summary>
    bool TrySend(ReadOnlySpan<byte> datagram, TAddress target);

    /// <summary>A peer has connected; returns the user of the connection, or null to refuse it.</summary>
    IUtpStream? Accept(TAddress sender);

    /// <summary>Passes the connection to the user that <see cref="Accept"/> returned.</summary>
    void OnAccepted(IUtpStream stream, UtpConnection connection);
}

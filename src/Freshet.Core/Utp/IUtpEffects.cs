namespace Freshet.Core.Utp;

/// <summary>What a <see cref="UtpMachine{TAddress}"/> asks of its socket's owner.</summary>
internal interface IUtpEffects<in TAddress>
{
    /// <summary>Sends a datagram; false if there is no room for it now.</summary>
    bool TrySend(ReadOnlySpan<byte> datagram, TAddress target);

    /// <summary>Somebody has connected; gives who is to use the connection, or null to refuse it.</summary>
    IUtpStream? Accept(TAddress sender);

    /// <summary>The connection of what <see cref="Accept"/> gave.</summary>
    void OnAccepted(IUtpStream stream, UtpConnection connection);
}

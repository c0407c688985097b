namespace Freshet.Core.Utp;

/// <summary>
/// The ids of a connection (BEP 29): the connecting side chooses the id that it receives with, and the other side receives with the next
/// one.
/// </summary>
/// <param name="Receive">The id in received packets.</param>
/// <param name="Send">The id in sent packets.</param>
internal readonly record struct UtpIdentity(ushort Receive, ushort Send)
{
    public static UtpIdentity OfInitiator(ushort chosen) => new(chosen, (ushort)(chosen + 1));

    /// <param name="chosen">The id in the ST_SYN.</param>
    public static UtpIdentity OfAcceptor(ushort chosen) => new((ushort)(chosen + 1), chosen);
}

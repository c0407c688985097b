namespace Freshet.Core.Utp;

/// <summary>
/// The ids of a connection (BEP 29): whoever connects chooses the one that it receives by, the other side receives by the next one.
/// </summary>
/// <param name="Receive">In packets that come.</param>
/// <param name="Send">In packets that go.</param>
internal readonly record struct UtpIdentity(ushort Receive, ushort Send)
{
    public static UtpIdentity OfInitiator(ushort chosen) => new(chosen, (ushort)(chosen + 1));

    /// <param name="chosen">The id in the ST_SYN.</param>
    public static UtpIdentity OfAcceptor(ushort chosen) => new((ushort)(chosen + 1), chosen);
}

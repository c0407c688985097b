namespace Freshet.Interop.Tests;

/// <summary>
/// Requires that Freshet was connected with the one peer of a case in the way that the settings of both sides demand, since the data would
/// have arrived in any way.
/// </summary>
internal static class TakenWay
{
    /// <param name="freshet">The client that has had the one peer.</param>
    /// <param name="transport"><c>Tcp</c> or <c>Utp</c>.</param>
    /// <param name="weDial">Whether Freshet dials.</param>
    /// <param name="kind">The other client.</param>
    /// <param name="theirs">Its setting.</param>
    /// <param name="ours">Freshet's setting.</param>
    public static void Require(
        FreshetClient freshet, string transport, bool weDial, ClientKind kind, ClientEncryption theirs, string ours)
    {
        IReadOnlyList<PeerWayTaken> ways = freshet.WaysTaken();
        Assert.NotEmpty(ways);
        Assert.All(ways, way => Assert.Equal((transport, weDial), (way.Transport, way.IsOutgoing)));
        Assert.All(ways, way => Assert.Contains(way.Encryption, Expected(kind, theirs, ours)));
    }

    private static string[] Expected(ClientKind kind, ClientEncryption theirs, string ours)
    {
        // Transmission with encryption 0 takes RC4 if it is all that is offered; where it may choose, the dial fails and is repeated.
        if ((kind, theirs, ours) is (ClientKind.Transmission, ClientEncryption.Plain, EncryptionCases.Preferred))
            return ["None"];

        // aria2 and Transmission accept encryption in any case.
        bool accepts = theirs != ClientEncryption.Plain || kind is ClientKind.Aria2 or ClientKind.Transmission or ClientKind.Freshet;
        bool isPlain = ours == EncryptionCases.Disabled || (theirs == ClientEncryption.Plain && ours == EncryptionCases.Allowed);
        if (isPlain || !accepts)
            return ["None"];

        // qBittorrent has no setting that requires RC4: it requires the encrypted handshake.
        bool isRc4 = ours == EncryptionCases.Required || (theirs == ClientEncryption.Rc4Required && kind != ClientKind.QBittorrent);
        return isRc4 ? ["Rc4"] : ["Handshake", "Rc4"];
    }
}

namespace Freshet.Interop.Tests;

/// <summary>
/// The way that Freshet took in a case, as its log says, since the data would have arrived in any way. It must be one that the settings of
/// both sides allow, and the one that is recorded (<see cref="WayRecords"/>).
/// </summary>
internal static class TakenWay
{
    private const string Plain = "plain";
    private const string Encrypted = "encrypted";
    private const string Rc4 = "RC4";
    private const string Repeated = " repeated";

    /// <summary>Requires that a case went as it is recorded.</summary>
    /// <param name="freshet">The client that has had the one peer.</param>
    /// <param name="tried">The case.</param>
    public static void Require(FreshetClient freshet, WayCase tried)
    {
        IReadOnlyList<PeerWayTaken> ways = freshet.WaysTaken();
        Assert.NotEmpty(ways);
        Assert.All(ways, way => Assert.Equal((tried.Transport, tried.WeDial), (way.Transport, way.IsOutgoing)));
        string taken = Assert.Single(ways.Select(way => WordOf(way.Encryption)).Distinct());
        Assert.Contains(taken, Allowed(tried));

        IReadOnlyList<DialTried> dials = freshet.DialsTried();
        Assert.Equal(tried.WeDial, dials.Any(dial => dial.IsConnected));
        bool isRepeated = tried.WeDial && dials[0].IsEncrypted != (taken != Plain);
        WayRecords.Require(tried, taken + (isRepeated ? Repeated : ""));
    }

    private static string WordOf(string encryption) => encryption switch
    {
        "None" => Plain,
        "Handshake" => Encrypted,
        _ => Rc4,
    };

    private static string[] Allowed(WayCase tried)
    {
        // Where both could be, nothing demands that it is encrypted.
        bool isRequired = tried.Ours == EncryptionCases.Required || tried.Theirs == ClientEncryption.Rc4Required;
        if (tried.Ours == EncryptionCases.Disabled)
            return [Plain];

        // qBittorrent has no setting that requires RC4: it requires the encrypted handshake.
        bool isRc4 = tried.Ours == EncryptionCases.Required
            || (tried.Theirs == ClientEncryption.Rc4Required && tried.Kind != ClientKind.QBittorrent);
        if (isRequired)
            return isRc4 ? [Rc4] : [Encrypted, Rc4];

        // Who dials begins as its setting says, and the other accepts what it does not refuse. aria2 refuses nothing. Transmission that
        // prefers plain connections takes RC4 if it is all that is offered; where it may choose, it closes the connection.
        bool beginsEncrypted = tried.WeDial ? tried.Ours == EncryptionCases.Preferred : tried.Theirs == ClientEncryption.Preferred;
        bool isRefused = tried.WeDial && tried.Theirs == ClientEncryption.Plain
            && tried.Kind is not (ClientKind.Aria2 or ClientKind.Freshet);
        return beginsEncrypted && !isRefused ? [Encrypted, Rc4] : [Plain];
    }
}

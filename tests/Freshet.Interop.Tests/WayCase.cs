namespace Freshet.Interop.Tests;

/// <summary>A transfer between Freshet and another client, over one transport, with an encryption setting on each side.</summary>
/// <param name="Kind">The other client.</param>
/// <param name="Transport"><c>Tcp</c> or <c>Utp</c>.</param>
/// <param name="Theirs">Its encryption setting.</param>
/// <param name="Ours">Freshet's <c>--encryption</c>.</param>
/// <param name="Downloads">Whether Freshet downloads; otherwise it seeds.</param>
/// <param name="WeDial">Whether Freshet dials.</param>
internal readonly record struct WayCase(
    ClientKind Kind, string Transport, ClientEncryption Theirs, string Ours, bool Downloads, bool WeDial)
{
    public const string Tcp = "Tcp";
    public const string Utp = "Utp";

    /// <summary>All that the tests try.</summary>
    public static IEnumerable<WayCase> All =>
    [
        .. OfLists(EncryptionCases.WhoWeDial, downloads: true, weDial: true),
        .. OfLists(EncryptionCases.TransmissionWeDial, downloads: true, weDial: true),
        .. OfLists(EncryptionCases.SeedsWeDialToo, downloads: true, weDial: true),
        .. OfLists(EncryptionCases.TransmissionSeedsWeDialToo, downloads: true, weDial: true),
        .. OfLists(EncryptionCases.WhoWeDial, downloads: false, weDial: true),
        .. OfLists(EncryptionCases.TransmissionWeDial, downloads: false, weDial: true),
        .. OfLists(EncryptionCases.WhoDialsUs, downloads: true, weDial: false),
        .. OfLists(EncryptionCases.WhoDialsUs, downloads: false, weDial: false),
        .. OfLists(EncryptionCases.WhoFindsUs, downloads: true, weDial: false),
        .. OfLists(EncryptionCases.WhoFindsUs, downloads: false, weDial: false),
        .. OfLists(UtpCases.SeedsWeDial, downloads: true, weDial: true, Utp),
        .. OfLists(UtpCases.TransmissionSeedsWeDial, downloads: true, weDial: true, Utp),
        .. OfLists(UtpCases.LeechersWeDial, downloads: false, weDial: true, Utp),
        .. OfLists(UtpCases.WhoDialsUs, downloads: true, weDial: false, Utp),
        .. OfLists(UtpCases.WhoDialsUs, downloads: false, weDial: false, Utp),
        .. OfSame(UtpTests.SeedsThatWeDial, downloads: true, weDial: true),
        .. OfSame(TransmissionUtpTests.Settings, downloads: true, weDial: true),
        .. OfSame(TransmissionUtpTests.Settings, downloads: false, weDial: true),
        .. OfSame(UtpTests.WhoDialsUs, downloads: true, weDial: false),
        .. OfSame(UtpTests.LeechersThatWeDial, downloads: false, weDial: true),
        .. OfSame(UtpTests.WhoDialsUs, downloads: false, weDial: false),
        .. OfTransmission(downloads: true),
        .. OfTransmission(downloads: false),
    ];

    /// <summary>A case in which both sides have the same setting; see <see cref="FreshetClient"/>.</summary>
    public static WayCase Same(ClientKind kind, string transport, ClientEncryption encryption, bool downloads, bool weDial) =>
        new(kind, transport, encryption, OursOf(encryption), downloads, weDial);

    /// <summary>Freshet's setting in such a case.</summary>
    public static string OursOf(ClientEncryption theirs) => theirs switch
    {
        ClientEncryption.Preferred => EncryptionCases.Preferred,
        ClientEncryption.Rc4Required => EncryptionCases.Required,
        _ => EncryptionCases.Allowed,
    };

    private static IEnumerable<WayCase> OfLists(
        TheoryData<ClientKind, ClientEncryption, string> cases, bool downloads, bool weDial, string transport = Tcp) =>
        cases.Cast<TheoryDataRow<ClientKind, ClientEncryption, string>>()
            .Select(row => new WayCase(row.Data.Item1, transport, row.Data.Item2, row.Data.Item3, downloads, weDial));

    private static IEnumerable<WayCase> OfSame(TheoryData<ClientKind, ClientEncryption> cases, bool downloads, bool weDial) =>
        cases.Cast<TheoryDataRow<ClientKind, ClientEncryption>>()
            .Select(row => Same(row.Data.Item1, Utp, row.Data.Item2, downloads, weDial));

    private static IEnumerable<WayCase> OfTransmission(bool downloads) =>
        from transport in (string[])[Tcp, Utp]
        from encryption in TransmissionDialCase.Encryptions
        select Same(ClientKind.Transmission, transport, encryption, downloads, weDial: false);
}

namespace Freshet.Interop.Tests;

/// <summary>
/// Transfers over uTP with different encryption settings on the two sides: where the first dial is rejected it is repeated the other way,
/// and an encrypted handshake may be followed by plain data.
/// </summary>
public class UtpPolicyTests : UtpTransferCase
{
    [Theory]
    [MemberData(nameof(UtpCases.SeedsWeDial), MemberType = typeof(UtpCases))]
    public Task Downloads_from_a_seed_that_it_dials(ClientKind kind, ClientEncryption theirs, string ours) =>
        DownloadAsync(kind, theirs, ours);

    [Theory]
    [MemberData(nameof(UtpCases.LeechersWeDial), MemberType = typeof(UtpCases))]
    public Task Seeds_to_a_leecher_that_it_dials(ClientKind kind, ClientEncryption theirs, string ours) => SeedAsync(kind, theirs, ours);

    [Theory]
    [MemberData(nameof(UtpCases.WhoDialsUs), MemberType = typeof(UtpCases))]
    public Task Downloads_from_a_seed_that_dials_it(ClientKind kind, ClientEncryption theirs, string ours) =>
        DownloadFromDiallerAsync(kind, theirs, ours);

    [Theory]
    [MemberData(nameof(UtpCases.WhoDialsUs), MemberType = typeof(UtpCases))]
    public Task Seeds_to_a_leecher_that_dials_it(ClientKind kind, ClientEncryption theirs, string ours) =>
        SeedToDiallerAsync(kind, theirs, ours);
}

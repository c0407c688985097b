namespace Freshet.Interop.Tests;

/// <summary>The same as <see cref="UtpPolicyTests"/> with Transmission, which takes the longest and runs beside the others.</summary>
public class TransmissionUtpPolicyTests : UtpTransferCase
{
    [Theory]
    [MemberData(nameof(UtpCases.TransmissionSeedsWeDial), MemberType = typeof(UtpCases))]
    public Task Downloads_from_a_seed_that_it_dials(ClientKind kind, ClientEncryption theirs, string ours) =>
        DownloadAsync(kind, theirs, ours);
}

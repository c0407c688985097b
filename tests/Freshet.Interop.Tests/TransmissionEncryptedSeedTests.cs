namespace Freshet.Interop.Tests;

/// <summary>Freshet downloads from Transmission, which it dials. These cases take the longest, and run beside the others.</summary>
public class TransmissionEncryptedSeedTests : EncryptedTransferCase
{
    [Theory]
    [MemberData(nameof(EncryptionCases.TransmissionWeDial), MemberType = typeof(EncryptionCases))]
    [MemberData(nameof(EncryptionCases.TransmissionSeedsWeDialToo), MemberType = typeof(EncryptionCases))]
    public Task From_a_seed_that_we_dial(ClientKind kind, ClientEncryption theirs, string ours) => DownloadAsync(kind, theirs, ours);
}

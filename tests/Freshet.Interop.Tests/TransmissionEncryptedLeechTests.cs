namespace Freshet.Interop.Tests;

/// <summary>Freshet seeds to Transmission, which it dials. These cases take the longest, and run beside the others.</summary>
public class TransmissionEncryptedLeechTests : EncryptedTransferCase
{
    [Theory]
    [MemberData(nameof(EncryptionCases.TransmissionWeDial), MemberType = typeof(EncryptionCases))]
    public Task To_a_leecher_that_we_dial(ClientKind kind, ClientEncryption theirs, string ours) => SeedAsync(kind, theirs, ours);
}

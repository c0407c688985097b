using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Freshet.Core;

namespace Freshet.Hashing;

/// <summary>
/// SHA-256 of eight buffers of equal length at once: the blocks of version 2 torrents (BEP 52), which are the leaves of Merkle trees.
/// </summary>
internal sealed unsafe class Sha256Lanes() : HashLanes(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19])
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = Bytes32.Length;

    /// <summary>Whether this machine has the instructions; otherwise nothing here may be called.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    protected override void Compress(Vector256<uint>* state, byte** lanes, nuint length) => Sha256Rounds.Compress(state, lanes, length);
}

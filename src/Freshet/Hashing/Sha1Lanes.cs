using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Freshet.Core;

namespace Freshet.Hashing;

/// <summary>
/// SHA-1 of eight buffers of equal length at once: about 3.5 times the speed of the processor's own SHA instructions, if there are
/// eight buffers to hash.
/// </summary>
internal sealed unsafe class Sha1Lanes() : HashLanes([0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0])
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = Bytes20.Length;

    /// <summary>
    /// The number of buffers from which lanes beat hashing one by one. Lanes reach 6.4 GB/s with AVX-512VL and 1.9 without, always for
    /// eight buffers; the SHA instructions reach 1.84 for one.
    /// </summary>
    public static int WorthFrom => Avx512F.VL.IsSupported ? 3 : 8;

    /// <summary>Whether this machine has the instructions; otherwise nothing here may be called.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    protected override void Compress(Vector256<uint>* state, byte** lanes, nuint length) => Sha1Rounds.Compress(state, lanes, length);
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Freshet.Hashing;

namespace Freshet.Benchmarks;

/// <summary>SHA-1 and SHA-256 of a 16 KiB block: by the framework, and in one of eight lanes.</summary>
[MemoryDiagnoser]
public class HashingBenchmarks
{
    private const int Block = 16 * 1024;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Sha1Lanes.Count * Block, pinned: true);
    private readonly byte[] _digest = new byte[Sha1Lanes.DigestLength];
    private readonly nint[] _lanes = new nint[Sha1Lanes.Count];
    private readonly byte[] _digest256 = new byte[Sha256Lanes.DigestLength];
    private readonly Sha1Lanes _hash = new();
    private readonly Sha256Lanes _hash256 = new();

    [GlobalSetup]
    public void SetUp()
    {
        new Random(1).NextBytes(_bytes);
        for (int i = 0; i < _lanes.Length; i++)
            _lanes[i] = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, i * Block);
    }

    [Benchmark(Baseline = true)]
    public int Framework() => SHA1.HashData(_bytes.AsSpan(0, Block), _digest);

    [Benchmark(OperationsPerInvoke = Sha1Lanes.Count)]
    public void Lanes() => _hash.Update(_lanes, Block);

    [Benchmark]
    public int Framework256() => SHA256.HashData(_bytes.AsSpan(0, Block), _digest256);

    [Benchmark(OperationsPerInvoke = Sha256Lanes.Count)]
    public void Lanes256() => _hash256.Update(_lanes, Block);
}

using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

public class StorageErrorTests
{
    // Linux's numbers, from errno(3).
    [Theory]
    [InlineData(1, "PermissionDenied")]
    [InlineData(2, "Missing")]
    [InlineData(5, "IoError")]
    [InlineData(13, "PermissionDenied")]
    [InlineData(20, "Missing")]
    [InlineData(24, "TooManyOpenFiles")]
    [InlineData(27, "FileTooLarge")]
    [InlineData(28, "DiskFull")]
    [InlineData(30, "ReadOnly")]
    [InlineData(40, "Other")]
    [InlineData(116, "IoError")]
    [InlineData(122, "QuotaExceeded")]
    public void Errors_are_distinguished_by_their_number(int number, string kind)
    {
        Requires.That(OperatingSystem.IsLinux(), "The error numbers are those of Linux.");
        StorageError error = StorageError.From(Errno.ToException(number, "/data/file"), "write", "/data/file");
        Assert.Equal(kind, error.Kind.ToString());
        Assert.StartsWith("Cannot write /data/file: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_frameworks_own_exceptions_are_understood()
    {
        Assert.Equal(StorageErrorKind.PermissionDenied, KindOf(new UnauthorizedAccessException()));
        Assert.Equal(StorageErrorKind.Missing, KindOf(new FileNotFoundException()));
        Assert.Equal(StorageErrorKind.Missing, KindOf(new DirectoryNotFoundException()));
        Assert.Equal(StorageErrorKind.Other, KindOf(new IOException()));

        static StorageErrorKind KindOf(Exception exception) => StorageError.From(exception, "read", "x").Kind;
    }
}

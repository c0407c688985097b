using System.Globalization;
using System.Security.Cryptography;

namespace Freshet.Daemon;

/// <summary>The hash of a password: PBKDF2 with HMAC-SHA-256, as <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c> (base64).</summary>
public static class PasswordHash
{
    /// <summary>The maximum length of a password.</summary>
    public const int MaxPasswordLength = 256;

    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 600_000;
    private const int MostIterations = 10_000_000;
    private const int Length = 32;
    private const int SaltLength = 16;

    /// <summary>Hashes a password with a new salt.</summary>
    public static string Of(string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, Length);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>Whether a text is a hash that <see cref="Matches"/> accepts.</summary>
    public static bool IsWellFormed(string text) => TryRead(text, out _, out _, out _);

    /// <summary>Whether a password matches a hash, in constant time.</summary>
    public static bool Matches(string hash, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length > MaxPasswordLength || !TryRead(hash, out int iterations, out byte[] salt, out byte[] expected))
            return false;
        byte[] actual = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }

    private static bool TryRead(string text, out int iterations, out byte[] salt, out byte[] hash)
    {
        salt = hash = new byte[Length];
        iterations = 0;
        string[] parts = (text ?? "").Split('$');
        if (parts.Length != 4 || parts[0] != Scheme
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            || iterations is < 1 or > MostIterations)
        {
            return false;
        }

        salt = new byte[parts[2].Length];
        hash = new byte[parts[3].Length];
        if (!Convert.TryFromBase64String(parts[2], salt, out int saltLength)
            || !Convert.TryFromBase64String(parts[3], hash, out int hashLength))
        {
            return false;
        }

        Array.Resize(ref salt, saltLength);
        Array.Resize(ref hash, hashLength);
        return saltLength >= 8 && hashLength == Length;
    }
}

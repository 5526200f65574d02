namespace Microsoft.IdentityModel.Tokens;

/// <summary>A token is refused. Messages never repeat any of it.</summary>
public class SecurityTokenException(string message) : Exception(message);

/// <summary>A well-formed token does not hold.</summary>
public class SecurityTokenValidationException(string message) : SecurityTokenException(message);

/// <summary>None of the keys made the signature.</summary>
public class SecurityTokenInvalidSignatureException(string message) : SecurityTokenValidationException(message);

/// <summary>There is no key that could have made the signature.</summary>
public class SecurityTokenSignatureKeyNotFoundException(string message) : SecurityTokenInvalidSignatureException(message);

public class SecurityTokenInvalidAlgorithmException(string message) : SecurityTokenValidationException(message);

public class SecurityTokenExpiredException(string message) : SecurityTokenValidationException(message);

public class SecurityTokenNotYetValidException(string message) : SecurityTokenValidationException(message);

public class SecurityTokenNoExpirationException(string message) : SecurityTokenValidationException(message);

/// <summary>It would end before it begins.</summary>
public class SecurityTokenInvalidLifetimeException(string message) : SecurityTokenValidationException(message);

public class SecurityTokenInvalidAudienceException(string message) : SecurityTokenValidationException(message);

public class SecurityTokenInvalidIssuerException(string message) : SecurityTokenValidationException(message);

public class SecurityTokenArgumentException(string message) : ArgumentException(message);

/// <summary>It is no signed token in the compact form.</summary>
public class SecurityTokenMalformedException(string message) : SecurityTokenArgumentException(message);

export const claimsOf = () => [];
